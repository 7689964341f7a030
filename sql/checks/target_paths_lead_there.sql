-- checks.target_paths_lead_there
-- Table   target_paths
-- Severity critical
-- Meaning a path leads from the start, or from the own level that it holds, to the target; its parts add up to it
-- Grain   one row per point of a path that does not, and per target whose path has no such end
-- Reads   marts.target_paths, marts.targets
with joined as (
    select t.policy_id, t.body_id, t.indicator_id, p.period, p.value, p.catch_up, p.frontier, p.lo, p.hi,
        case p.period
            when t.base_period then if(contains(coalesce(t.limited_by, ''), 'own_level'), last.catch_up, t.start)
            when t.due_period then t.target
        end as asked,
        1e-9 * greatest(1, abs(t.start)) as slack
    from marts.targets t
    left join marts.target_paths p using (policy_id, body_id, indicator_id)
    left join marts.target_paths last
        on last.policy_id = t.policy_id and last.body_id = t.body_id and last.indicator_id = t.indicator_id
        and last.period = t.due_period
    where t.target is not null
)
select policy_id, body_id, indicator_id, period, value, asked
from joined
where period is null
    or abs(value - asked) > slack
    or abs(catch_up + frontier - value) > slack
    or lo > value
    or hi < value
union all
select policy_id, body_id, indicator_id, null, null, null
from joined
group by policy_id, body_id, indicator_id
having count(asked) <> 2
order by all
