-- The dictionary both ways, and the quads in the four orders that a graph keeps.
create unique index on terms (term);
create unique index on quads (s, p, o, g);
create index on quads (p, o, s, g);
create index on quads (o, s, p, g);
create index on quads (g, s, p, o);
analyze;
