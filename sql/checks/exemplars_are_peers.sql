-- checks.exemplars_are_peers
-- Table   exemplars
-- Severity critical
-- Meaning an exemplar is one of the body's peers costs less than the peers' median, and has for two periods
-- Grain   one row per exemplar that is no peer, not cheaper, or for one period only
-- Reads   marts.exemplars, marts.peers, marts.positions
select e.body_id, e.service_id, e.exemplar_id, e.value
from marts.exemplars e
where not exists (
    select 1 from marts.peers p
    join marts.positions m
        on m.model_id = p.model_id and m.body_id = p.body_id
        and m.indicator_id = e.indicator_id and m.period = e.period
    where p.body_id = e.body_id and p.peer_id = e.exemplar_id and p.closeness_order = e.closeness_order
        and e.value < m.peer_median
)
    or e.years < 2
order by all
