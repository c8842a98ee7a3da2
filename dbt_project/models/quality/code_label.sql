-- Every pair of code and label that the loaded statements print, and what the lists of codes say of it.
with printed as (
    select
        statement.tree,
        figure.fiscal_year,
        figure.code_as_printed,
        figure.subject_code,
        figure.code_resolution,
        {{ squashed('figure.row_label') }} as label,
        cast(count(distinct figure.document_key) as integer) as documents,
        cast(count(*) as integer) as figures,
        min(figure.figure_id) as example_figure_id
    from {{ ref('stg_figure') }} as figure
    inner join {{ ref('statements') }} as statement
        on statement.statement = figure.statement and statement.tree in ('function', 'economic')
    where figure.item <> 'total'
    group by all
),

names as (
    select 'function' as tree, code, name from {{ ref('function_codes') }}
    union
    select 'economic', code, name from {{ ref('economic_codes') }}
    union
    select tree, code, name from {{ ref('official_codes') }}
),

labels as (
    select tree, code, {{ squashed('name') }} as label, 'name' as kind from names
    union
    select tree, code, {{ squashed('name') }}, kind from {{ ref('code_variants') }}
),

editions as (
    select 'function' as tree, edition, code, name, name_source from {{ ref('dim_function_code') }}
    union all
    select 'economic', edition, code, name, name_source from {{ ref('dim_economic_code') }}
),

judged as (
    select
        printed.*,
        edition.name as edition_name,
        edition.name_source,
        known.code is not null as is_known_code,
        other.code as named_code,
        case
            when printed.code_resolution = 'unresolved' or printed.subject_code is null then 'unresolved'
            when printed.code_as_printed is distinct from printed.subject_code then 'resolved'
            when {{ squashed('edition.name') }} = printed.label then 'agrees'
            when same.kind = 'name' then 'other_edition'
            when same.kind is not null then 'variant'
            when length(printed.label) > 6 and (
                starts_with({{ squashed('edition.name') }}, printed.label)
                or levenshtein({{ squashed('edition.name') }}, printed.label) <= 6  -- bytes: two characters
            ) then 'damaged'
            else 'contradicts'
        end as verdict
    from printed
    left join editions as edition
        on edition.tree = printed.tree and edition.edition = cast(printed.fiscal_year as varchar)
        and edition.code = printed.subject_code
    left join (select tree, code, label, min(kind) as kind from labels group by tree, code, label) as same
        on same.tree = printed.tree and same.code = printed.subject_code and same.label = printed.label
    left join (select distinct tree, code from names) as known
        on known.tree = printed.tree and known.code = printed.code_as_printed
    left join (select tree, label, string_agg(distinct code, ' ' order by code) as code from labels group by tree, label) as other
        on other.tree = printed.tree and other.label = printed.label
)

select
    concat_ws('-', tree, coalesce(cast(fiscal_year as varchar), 'unknown'), coalesce(code_as_printed, ''), label, code_resolution,
        coalesce(subject_code, '')) as pair_id,
    tree,
    fiscal_year,
    code_as_printed,
    label,
    subject_code,
    code_resolution,
    documents,
    figures,
    example_figure_id,
    edition_name,
    name_source,
    verdict,
    case verdict
        when 'agrees' then 'code and label are those of the edition'
        when 'resolved' then
            case when code_as_printed is null then 'no code is printed' when is_known_code then 'the label names another code'
                else 'the printed code is in no edition' end
            || '; ' || subject_code || ' follows from '
            || case code_resolution when 'from_hierarchy' then 'the label and the rows above' else 'the label' end
        when 'other_edition' then 'the label is the name of the code in another edition'
            || coalesce('; in this one: ' || edition_name, '; this one does not hold the code')
        when 'variant' then 'the label is a known variant of the name'
        when 'damaged' then 'the label is the name but for a few characters: ' || edition_name
        when 'contradicts' then 'the label is no known name of the code'
        else
            case when code_as_printed is null then 'no code is printed' when is_known_code then 'the label is not the name of the code'
                else 'the printed code is in no edition' end
            || case when named_code is null then '; the label is no known name' else '; the label is the name of ' || named_code end
    end as explanation
from judged
order by pair_id
