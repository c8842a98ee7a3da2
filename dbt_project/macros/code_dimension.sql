{#- One row for each budget year that is loaded and each code that its edition of the classification holds. -#}
{% macro code_dimension(reference, key, tree) -%}
with editions as (
    select fiscal_year, fiscal_year_key as edition from {{ ref('dim_fiscal_year') }} where fiscal_year is not null
),

codes as (
    select
        editions.edition,
        reference.code,
        reference.name,
        cast(reference.level as integer) as level,
        case when reference.level <> '1' then left(reference.code, length(reference.code) - 2) end as parent_code,
        left(reference.code, 3) as class_code,
        case when reference.level <> '1' then left(reference.code, 5) end as group_code,
        reference.evidence
    from {{ ref(reference) }} as reference
    inner join editions
        -- 2018 in the reference means 2018 or earlier
        on (reference.first_edition = '2018' or editions.fiscal_year >= cast(reference.first_edition as integer))
        and (reference.last_edition is null or editions.fiscal_year <= cast(reference.last_edition as integer))
),

printed as (
    select distinct cast(figure.fiscal_year as varchar) as edition, figure.subject_code as code, figure.row_label as name
    from {{ ref('stg_figure') }} as figure
    inner join {{ ref('statements') }} as statement using (statement)
    where statement.tree = '{{ tree }}' and figure.code_resolution = 'as_printed'
)

select
    codes.edition || '-' || codes.code as {{ key }},
    codes.edition,
    codes.code,
    codes.name,
    codes.level,
    codes.parent_code,
    codes.class_code,
    coalesce(class.name, codes.name) as class_name,
    codes.group_code,
    code_group.name as group_name,
    concat_ws(' / ', class.name, code_group.name, case when codes.level = 3 then codes.name end) as full_name,
    case when printed.code is not null then 'printed in a loaded document' else codes.evidence end as name_source
from codes
left join codes as class on class.edition = codes.edition and class.code = codes.class_code
left join codes as code_group on code_group.edition = codes.edition and code_group.code = codes.group_code
left join printed on printed.edition = codes.edition and printed.code = codes.code and printed.name = codes.name
union all
select member, null, null, name, null, null, null, name, null, name, name, null
from {{ special_members() }}
order by {{ key }}
{%- endmacro %}
