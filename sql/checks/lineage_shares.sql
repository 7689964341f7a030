-- checks.lineage_shares
-- Table   body_lineage
-- Severity critical
-- Meaning the shares of an ended body add up to one
-- Grain   one row per ended body whose shares do not
-- Reads   marts.body_lineage
select from_id, sum(share) as shares
from marts.body_lineage
group by from_id
having abs(sum(share) - 1) > 1e-9
order by all
