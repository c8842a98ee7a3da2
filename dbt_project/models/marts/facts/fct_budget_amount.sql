select
    figure.figure_id,
    figure.document_key,
    figure.department_key,
    figure.fiscal_year,
    figure.statement,
    rule.flow,
    case
        when rule.tree <> 'function' then rule.function_code_key
        when figure.item = 'total' then 'not_broken_down'
        else coalesce(function_code.function_code_key, 'unknown')
    end as function_code_key,
    case
        when rule.tree <> 'economic' then rule.economic_code_key
        when figure.item = 'total' then 'not_broken_down'
        else coalesce(economic_code.economic_code_key, 'unknown')
    end as economic_code_key,
    coalesce(rule.fund_source_key, measure.fund_source_key) as fund_source_key,
    case when figure.measure = 'total' then 'unsplit' else figure.measure end as amount_type,
    figure.amount_yuan,
    figure.proof_status
from {{ ref('published_figure') }} as figure
inner join {{ ref('statements') }} as rule on rule.statement = figure.statement
inner join {{ ref('measures') }} as measure on measure.statement = figure.statement and measure.measure = figure.measure
left join {{ ref('dim_function_code') }} as function_code
    on rule.tree = 'function' and figure.code_resolution is distinct from 'unresolved'
    and function_code.edition = cast(figure.fiscal_year as varchar) and function_code.code = figure.subject_code
left join {{ ref('dim_economic_code') }} as economic_code
    on rule.tree = 'economic' and figure.code_resolution is distinct from 'unresolved'
    and economic_code.edition = cast(figure.fiscal_year as varchar) and economic_code.code = figure.subject_code
where figure.is_additive
order by figure.document_key, figure.part, rule.statement_number, figure.row_order, figure.item, figure.measure
