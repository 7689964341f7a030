-- checks.lineage_of_the_ended
-- Table   body_lineage
-- Severity critical
-- Meaning only bodies that ended have successors, and no body is its own
-- Grain   one row per contradiction
-- Reads   marts.body_lineage, marts.bodies
select l.from_id, l.to_id
from marts.body_lineage l
join marts.bodies b on b.body_id = l.from_id
where b.valid_to is null or l.from_id = l.to_id
order by all
