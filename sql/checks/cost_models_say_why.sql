-- checks.cost_models_say_why
-- Table   cost_models
-- Severity critical
-- Meaning a model passed when no diagnostic failed, and its benchmark is its quartile, at most 1
-- Grain   one row per model that contradicts itself
-- Reads   marts.cost_models
select service_id, field, passed, failed, quartile, factor
from marts.cost_models
where passed <> (failed is null) or abs(factor - least(quartile, 1)) > 1e-12
order by all
