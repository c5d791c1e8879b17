"""Making the weights that the judges are shipped with, from named sets and fixed seeds."""
