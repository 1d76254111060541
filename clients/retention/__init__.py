"""How long records are kept: the rules of each country, dated, and what follows from them. Pure: no database."""
