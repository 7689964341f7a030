-- checks.targets_are_peers
-- Table   efficiency_parts
-- Severity critical
-- Meaning a target is what the frontier peers do at their weights, and is the actual amount with score and slack applied
-- Grain   one row per target that is not
-- Reads   marts.efficiency_parts, marts.efficiency_peers, marts.efficiency
with weighed as (
    select p.frontier_id, p.body_id, p.period, a.measure_id, sum(p.weight * a.actual) as reached
    from marts.efficiency_peers p
    join marts.efficiency_parts a
        on a.frontier_id = p.frontier_id and a.body_id = p.peer_id and a.period = p.period
    group by all
)
select a.frontier_id, a.body_id, a.period, a.measure_id, a.target, w.reached
from marts.efficiency_parts a
join marts.efficiency e using (frontier_id, body_id, period)
left join weighed w using (frontier_id, body_id, period, measure_id)
where w.reached is null
    or abs(a.target - w.reached) > 1e-6 * greatest(a.actual, abs(a.target))
    or (
        abs(a.target - case when a.side = 'input' then a.actual * e.score - a.slack else a.actual + a.slack end)
            > 1e-6 * greatest(a.actual, abs(a.target))
        and abs(a.target - case when a.side = 'input' then a.actual - a.slack else a.actual / e.score + a.slack end)
            > 1e-6 * greatest(a.actual, abs(a.target))
    )
order by all
