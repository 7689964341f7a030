-- checks.chains_reproduce
-- Table   chains
-- Severity critical
-- Meaning every factor is the amount above over the amount below, and every ratio the factor over the peers' factor
-- Grain   one row per stage that differs
-- Reads   marts.chains
select model_id, body_id, service_id, period, stage, above_value / below_value as recomputed, factor, reference, ratio
from marts.chains
where (factor is not null and not coalesce(abs(factor - above_value / below_value) <= 1e-12 * factor, false))
    or (ratio is not null and not coalesce(abs(ratio - factor / reference) <= 1e-12 * ratio, false))
order by all
