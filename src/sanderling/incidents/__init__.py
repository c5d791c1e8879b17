"""One problem, many cases: noticed, led, told about, and closed with everybody it touched."""
