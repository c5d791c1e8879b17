"""A language model behind an address that speaks as OpenAI's does."""
