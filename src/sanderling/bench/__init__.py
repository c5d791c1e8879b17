"""How fast the desk is: each module measures one promise, as told in docs/performance.md."""
