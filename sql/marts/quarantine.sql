-- marts.quarantine
-- Grain   one row per cell set aside, with the reason
-- Reads   staging.judged
-- Writes  the cell as published
select dataset, edition, code, name, series, period, text as published_text, locator, rule, reason
from staging.judged
where rule is not null
