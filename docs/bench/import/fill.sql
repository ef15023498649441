-- The rows of the file, which lie in row_of_file, as the tables of tables.sql.
insert into sources values (1, 'source/icews14', 'ICEWS 2014, the subset for temporal knowledge graphs');
create temp table named as
  select row_number() over () as eid, class, name from (
    select 'kg:Party' as class, subject as name from row_of_file union select 'kg:Party', object from row_of_file
    union select 'kg:Action', relation from row_of_file) x;
create temp table keyed as
  select row_number() over () as n, *, 'h' || left(md5(concat_ws(E'\t', subject, relation, object, date, split)), 16) as key from row_of_file;
insert into claims
  select eid, 'claim/icews14/' || case class when 'kg:Party' then 'party/' else 'action/' end || md5(name), 1, 'ASSESSED', '', now(), 'import icews14' from named;
insert into claims
  select 1000000 + n, 'claim/icews14/' || key, 1, 'ASSESSED', 'row ' || key, now(), 'import icews14' from keyed;
insert into entities
  select eid, case class when 'kg:Party' then 'party' else 'action' end || '/icews/' || trim('-' from lower(regexp_replace(name, '[^[:alnum:]]+', '-', 'g'))) || '-' || eid,
    class, name, case class when 'kg:Party' then 'icews:' else 'icews-action:' end || name, eid from named;
insert into events
  select k.n, 'event/icews14/' || k.key, 'kg:Interaction', k.date::date, s.eid, r.eid, o.eid, 1000000 + k.n from keyed k
  join named s on s.class = 'kg:Party' and s.name = k.subject
  join named o on o.class = 'kg:Party' and o.name = k.object
  join named r on r.class = 'kg:Action' and r.name = k.relation;
