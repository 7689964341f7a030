-- checks.targets_never_ask_for_worse
-- Table   targets
-- Severity critical
-- Meaning a target is never worse than where its body starts, and there is none without its start and reference
-- Grain   one row per target that asks for worse, or that stands without what it rests on
-- Reads   marts.targets, marts.indicators
select t.policy_id, t.body_id, t.indicator_id, t.state, t.start, t.reference, t.target, t.reason
from marts.targets t
join marts.indicators i using (indicator_id)
where
    (t.state in ('proposed', 'issued') and (t.target is null or t.start is null or t.reference is null))
    or (t.state in ('none', 'closed') and t.reason is null)
    or (t.state = 'none' and t.target is not null)
    or (
        t.target is not null
        and case when i.polarity = 'higher' then t.start - t.target else t.target - t.start end
        > 1e-9 * greatest(1, abs(t.start))
    )
order by all
