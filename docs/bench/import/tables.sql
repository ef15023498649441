-- What an import of ICEWS14 leaves, as tables: entities with class, name and
-- identifier, events, and the claim that each of them is from.
drop table if exists events, entities, claims, sources cascade;
create table sources (sid int primary key, id text not null, name text not null);
create table claims (
  cid int primary key, id text not null, source int not null, status text not null,
  locator text not null, recorded_at timestamptz not null, recorded_by text not null
);
create table entities (
  eid int primary key, id text not null, class text not null, name text not null,
  identifier text not null, claim int not null
);
create table events (
  vid int primary key, id text not null, class text not null, start date not null,
  actor int not null, action int not null, target int not null, claim int not null
);
