-- checks.weights_add_up
-- Table   efficiency_peers
-- Severity critical
-- Meaning weights of frontier peers are positive, rest on bodies that were compared, and add up to 1 where returns vary
-- Grain   one row per body whose weights do not
-- Reads   marts.efficiency_peers, marts.efficiency, staging.frontier_programs
select p.frontier_id, p.body_id, p.period, sum(p.weight) as total
from marts.efficiency_peers p
join (select distinct frontier_id, rts from staging.frontier_programs) f using (frontier_id)
left join marts.efficiency e
    on e.frontier_id = p.frontier_id and e.body_id = p.peer_id and e.period = p.period
group by p.frontier_id, p.body_id, p.period, f.rts
having min(p.weight) <= 0
    or count(e.score) < count(*)
    or (f.rts = 'vrs' and abs(sum(p.weight) - 1) > 1e-6)
    or (f.rts = 'drs' and sum(p.weight) > 1 + 1e-6)
    or (f.rts = 'irs' and sum(p.weight) < 1 - 1e-6)
order by all
