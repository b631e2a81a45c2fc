"""Triple stores and the SPARQL endpoint over them."""
