drop table if exists quads, terms cascade;
create table terms (id int primary key, term text not null);
create table quads (s int not null, p int not null, o int not null, g int not null);
