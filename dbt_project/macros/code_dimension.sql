{#-
  One row for each edition (budget year) and each code in it. An edition is, in this order: the official list of that year, where one was
  loaded; the reference; what the disclosures of that year print with a name that some edition knows.
-#}
{% macro code_dimension(reference, key, tree) -%}
with years as (
    -- what the reference covers, and whatever else is loaded
    select unnest(generate_series(2018, 2026)) as fiscal_year
    union
    select fiscal_year from {{ ref('dim_fiscal_year') }} where fiscal_year is not null
),

reference_rows as (
    select
        code, name, evidence,
        cast(first_edition as integer) as valid_from,
        cast(last_edition as integer) as valid_to,
        {{ squashed('name') }} as label
    from {{ ref(reference) }}
),

official as (
    select cast(edition as integer) as fiscal_year, code, name, is_complete from {{ ref('official_codes') }} where tree = '{{ tree }}'
),

printed as (
    select
        figure.fiscal_year,
        figure.subject_code as code,
        {{ squashed('figure.row_label') }} as label,
        cast(count(distinct figure.document_key) as integer) as documents
    from {{ ref('stg_figure') }} as figure
    inner join {{ ref('statements') }} as statement on statement.statement = figure.statement and statement.tree = '{{ tree }}'
    where figure.code_resolution = 'as_printed' and figure.item <> 'total'
    group by all
),

listed as (
    select
        years.fiscal_year, row_read.code, row_read.name, row_read.evidence, row_read.valid_from, row_read.valid_to,
        false as is_official, false as is_by_disclosure
    from reference_rows as row_read
    inner join years
        -- 2018 in the reference means 2018 or earlier
        on (row_read.valid_from = 2018 or years.fiscal_year >= row_read.valid_from)
        and (row_read.valid_to is null or years.fiscal_year <= row_read.valid_to)
    where
        years.fiscal_year not in (select fiscal_year from official where is_complete)
        and (years.fiscal_year, row_read.code) not in (select (fiscal_year, code) from official)
    union all
    select
        official.fiscal_year, official.code, official.name, same.evidence, coalesce(same.valid_from, official.fiscal_year),
        case when same.code is null then official.fiscal_year else same.valid_to end, true, false
    from official
    left join reference_rows as same
        on same.code = official.code and same.name = official.name and official.fiscal_year >= same.valid_from
        and (same.valid_to is null or official.fiscal_year <= same.valid_to)
),

-- a code that the disclosures of a year print with its name is in use in that year, whatever the reference says of its years
editions as (
    select * from listed
    union all
    select
        printed.fiscal_year, row_read.code, arg_max(row_read.name, row_read.valid_from), arg_max(row_read.evidence, row_read.valid_from),
        least(printed.fiscal_year, arg_max(row_read.valid_from, row_read.valid_from)),
        greatest(printed.fiscal_year, max(row_read.valid_to)), false, true
    from printed
    inner join reference_rows as row_read on row_read.code = printed.code and row_read.label = printed.label
    where
        (printed.fiscal_year, printed.code) not in (select (fiscal_year, code) from listed)
        and printed.fiscal_year not in (select fiscal_year from official where is_complete)
    group by printed.fiscal_year, row_read.code
),

codes as (
    select
        cast(editions.fiscal_year as varchar) as edition,
        editions.code,
        editions.name,
        cast((length(editions.code) - 1) // 2 as integer) as level,
        editions.valid_from,
        editions.valid_to,
        case
            when editions.is_official then 'official'
            when printed.documents is not null then 'published'
            when editions.evidence = 'none' then 'unverified'
            else 'reference'
        end as name_source,
        coalesce(printed.documents, 0) as published_documents,
        editions.evidence
    from editions
    left join printed
        on printed.fiscal_year = editions.fiscal_year and printed.code = editions.code
        and printed.label = {{ squashed('editions.name') }}
)

select
    codes.edition || '-' || codes.code as {{ key }},
    codes.edition,
    codes.code,
    codes.name,
    codes.level,
    case when codes.level > 1 then left(codes.code, 2 * codes.level - 1) end as parent_code,
    left(codes.code, 3) as class_code,
    coalesce(class.name, codes.name) as class_name,
    case when codes.level > 1 then left(codes.code, 5) end as group_code,
    code_group.name as group_name,
    concat_ws(' / ', class.name, code_group.name, case when codes.level = 3 then codes.name end) as full_name,
    codes.valid_from,
    codes.valid_to,
    codes.name_source,
    codes.published_documents,
    codes.evidence
from codes
left join codes as class on class.edition = codes.edition and class.code = left(codes.code, 3)
left join codes as code_group on code_group.edition = codes.edition and code_group.code = left(codes.code, 5) and codes.level > 1
union all
select member, null, null, name, null, null, null, name, null, name, name, null, null, null, null, null
from {{ special_members() }}
order by {{ key }}
{%- endmacro %}
