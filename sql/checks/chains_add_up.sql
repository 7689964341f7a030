-- checks.chains_add_up
-- Table   chains
-- Severity critical
-- Meaning the gaps of the stages add up to the gap of the whole chain, to the last penny
-- Grain   one row per chain that does not
-- Reads   marts.chains
-- Notes   a chain that cannot be followed to its end has stages without a gap, and adds up to nothing
with gaps as (
    select model_id, body_id, service_id, period, stage, columns('^gap_[a-z]+$') as gap
    from marts.chains
)
select
    model_id, body_id, service_id, period,
    sum(gap) filter (where stage > 0) as stages,
    max(gap) filter (where stage = 0) as whole
from gaps
group by model_id, body_id, service_id, period
having count(gap) = count(*) and sum(gap) filter (where stage > 0) <> max(gap) filter (where stage = 0)
    or count(*) filter (where stage = 0) <> 1
order by all
