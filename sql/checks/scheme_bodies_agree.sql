-- checks.scheme_bodies_agree
-- Table   scheme_bodies
-- Severity critical
-- Meaning every way asks the same bodies, as many as its total names; a cut beyond what is possible is part of the cut
-- Grain   one row per way with other bodies, or per body asked beyond its own cut
-- Reads   marts.scheme_bodies, marts.schemes
select s.scheme_id, s.way, null as body_id
from marts.schemes s
where s.n <> (select count(*) from marts.scheme_bodies b where b.scheme_id = s.scheme_id and b.way = s.way)
union all
select b.scheme_id, b.way, b.body_id
from marts.scheme_bodies b
where b.overcut > b.cut + 1e-12 or not (b.cut_lo <= b.cut_hi and b.overcut_lo <= b.overcut_hi)
order by all
