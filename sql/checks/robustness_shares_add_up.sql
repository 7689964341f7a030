-- checks.robustness_shares_add_up
-- Table   robustness
-- Severity critical
-- Meaning the shares of verdicts add up to 1, the agreement is the share of the default's verdict, bands are in order
-- Grain   one row per dial that contradicts itself
-- Reads   marts.robustness
select body_id, indicator_id, period, verdict, n_sets, share_lower, share_same, share_higher, agreement
from marts.robustness
where abs(share_lower + share_same + share_higher - 1) > 1e-9
    or agreement is distinct from case verdict
        when 'lower' then share_lower when 'same' then share_same when 'higher' then share_higher
    end
    or (verdict = 'withheld') <> (n_sets = 0)
    or firm is distinct from (agreement >= 2.0 / 3 - 1e-12)
    or median_lo > median_hi
    or ratio_lo > ratio
    or ratio > ratio_hi
    or percentile_lo > percentile_hi
order by all
