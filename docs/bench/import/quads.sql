-- The same as N-Quads. In quads_of_file they say no more than the file does: five
-- quads an event, three an entity, in one graph, which is the source. In
-- quads_of_claims they are full claims, as the graph holds them: the label is the
-- claim, and each claim has quads of its own.
create or replace function iri(id text) returns text language sql immutable as $$ select '<https://chancery.example/' || id || '>' $$;
create or replace function kg(name text) returns text language sql immutable as $$ select '<https://chancery.example/ontology/' || name || '>' $$;
create or replace function literal(text text) returns text language sql immutable as
  $$ select '"' || replace(replace(text, '\', '\\'), '"', '\"') || '"' $$;
drop table if exists facts, quads_of_file, quads_of_claims;
create table facts as
  select 1 as part, e.eid as n, iri(e.id) as s, x.p, x.o, e.claim from entities e, lateral (values
    ('<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', kg(substr(e.class, 4))),
    ('<http://www.w3.org/2004/02/skos/core#prefLabel>', literal(e.name) || '@en'),
    ('<http://www.w3.org/2004/02/skos/core#notation>', literal(e.name) || '^^<scheme:icews>')) x (p, o)
  union all
  select 2, v.vid, iri(v.id), x.p, x.o, v.claim from events v
    join entities a on a.eid = v.actor join entities c on c.eid = v.action join entities t on t.eid = v.target, lateral (values
    ('<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', kg('Interaction')),
    ('<https://schema.org/startDate>', literal(v.start::text) || '^^<http://www.w3.org/2001/XMLSchema#date>'),
    (kg('actor'), iri(a.id)), (kg('action'), iri(c.id)), (kg('target'), iri(t.id))) x (p, o);
create table quads_of_file as select s, p, o, iri('source/icews14') as g from facts order by part, n;
create table quads_of_claims as
  select s, p, o, g from (
    select f.claim as n, 2 as part, f.s, f.p, f.o, iri(c.id) as g from facts f join claims c on c.cid = f.claim
    union all
    select c.cid, 1, iri(c.id), x.p, x.o, iri(c.id) from claims c, lateral (values
      ('<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', kg('Claim')),
      ('<http://www.w3.org/ns/prov#hadPrimarySource>', iri('source/icews14')),
      (kg('status'), literal(c.status)), (kg('locator'), literal(c.locator)), (kg('recordedBy'), literal(c.recorded_by)),
      ('<http://www.w3.org/ns/prov#generatedAtTime>', '"2026-11-24T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>')) x (p, o)
    where c.locator <> '' or x.p <> kg('locator')) q
  order by n, part;
