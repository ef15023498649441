-- The quads of quad_of_file, a table of four texts, as numbers and a dictionary.
insert into terms select row_number() over (), term from (
  select s as term from quad_of_file union select p from quad_of_file union select o from quad_of_file union select g from quad_of_file) x;
insert into quads select s.id, p.id, o.id, g.id from quad_of_file q
  join terms s on s.term = q.s join terms p on p.term = q.p join terms o on o.term = q.o join terms g on g.term = q.g;
