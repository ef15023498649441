-- The ways in that the graph has too: by id, name and identifier, from an event to
-- what takes part in it and back in the order of dates, from a claim to what it says
-- and from a source to its claims. What is named must be there, as the import checks.
create unique index on sources (id);
create unique index on claims (id);
create index on claims (source);
create index on claims (recorded_at);
create unique index on entities (id);
create index on entities (name);
create index on entities (identifier);
create index on entities (claim);
create unique index on events (id);
create index on events (actor, start);
create index on events (action, start);
create index on events (target, start);
create index on events (start);
create index on events (claim);
alter table claims add foreign key (source) references sources;
alter table entities add foreign key (claim) references claims;
alter table events add foreign key (actor) references entities, add foreign key (action) references entities,
  add foreign key (target) references entities, add foreign key (claim) references claims;
analyze;
