"""Pictures that lie on other people's servers, fetched for the desk's own pages."""
