-- checks.settlements_agree_with_payments
-- Table   settlements
-- Severity warning
-- Meaning what a programme's rules give is what was paid, as far as the printing of the inputs allows (docs/settle.md)
-- Grain   one row per body and year whose payment the rules do not give
-- Reads   staging.settlement_published
select p.scheme_id, p.body_id, p.period, p.published, round(p.earned, 2) as recomputed
from staging.settlement_published p
where abs(p.earned - p.published) > p."within"
order by all
