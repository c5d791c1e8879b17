"""The judges: does a post need us, what is it, how does it sound, how soon must it be seen, why.

`fast.py` judges every post, `careful.py` takes a second look, `layer.py` learns from a company's
own agents. docs/triage.md says how well, and on what they were trained.
"""
