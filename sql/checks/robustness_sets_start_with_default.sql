-- checks.robustness_sets_start_with_default
-- Table   robustness_sets
-- Severity critical
-- Meaning the first named set is the default, says what the dial says, and stands in the positions
-- Grain   one row per dial whose first set is another, or says something else
-- Reads   marts.robustness_sets, marts.robustness, marts.positions
select r.body_id, r.indicator_id, r.period, r.verdict, s.set_id, s.verdict as default_verdict
from marts.robustness r
left join marts.robustness_sets s
    on s.body_id = r.body_id and s.indicator_id = r.indicator_id and s.period = r.period and s.place = 1
where s.set_id is distinct from 'default'
    or s.verdict is distinct from r.verdict
    or not exists (
        select 1 from marts.positions p
        where p.body_id = r.body_id and p.indicator_id = r.indicator_id and p.period = r.period
            and p.verdict = r.verdict and p.peer_median is not distinct from s.peer_median
    )
order by all
