-- checks.calls_rest_on_chances
-- Table   tracking
-- Severity critical
-- Meaning a call follows its chance (on track from 0.66, off track under 0.33), and where none is made it says why
-- Grain   one row per call that contradicts its chance, or that stands without a target
-- Reads   marts.tracking, marts.targets
select k.policy_id, k.body_id, k.indicator_id, k.call, k.p_hit, k.reason, t.state
from marts.tracking k
left join marts.targets t using (policy_id, body_id, indicator_id)
where t.state is null
    or t.state not in ('proposed', 'issued')
    or (k.call = 'too early to say' and k.reason is null)
    or (k.call <> 'too early to say' and k.p_hit is null)
    or (k.call in ('on track', 'met') and k.p_hit < 0.66)
    or (k.call = 'off track' and k.p_hit >= 0.33)
    or (k.call = 'uncertain' and k.p_hit < 0.33)
    or (k.call = 'met' and k.counter_ok is distinct from true)
order by all
