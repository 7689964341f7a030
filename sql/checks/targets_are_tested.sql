-- checks.targets_are_tested
-- Table   target_tests
-- Severity critical
-- Meaning every target has its six fairness tests, and nothing else has any
-- Grain   one row per target without six tests, or tests without a target
-- Reads   marts.target_tests, marts.targets
select policy_id, body_id, indicator_id, count(x.test) as tests
from marts.targets t
full join marts.target_tests x using (policy_id, body_id, indicator_id)
group by policy_id, body_id, indicator_id
having count(x.test) <> case when max(t.target) is null then 0 else 6 end
order by all
