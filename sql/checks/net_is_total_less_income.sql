-- checks.net_is_total_less_income
-- Table   values
-- Severity critical
-- Meaning net expenditure equals total expenditure less income, within rounding, where all three are published
-- Grain   one row per body, period and edition that does not add up
-- Reads   marts.values, staging.identities
select n.body_id, n.measure_id, n.period, n.edition, n.value as net, t.value as total, i.value as income, n.locator
from staging.identities x
join marts.values n on n.measure_id = x.net_id
join marts.values t on t.measure_id = x.total_id and t.body_id = n.body_id and t.period = n.period and t.edition = n.edition
join marts.values i on i.measure_id = x.income_id and i.body_id = n.body_id and i.period = n.period and i.edition = n.edition
where abs(n.value - (t.value - i.value)) > x.tolerance
order by all
