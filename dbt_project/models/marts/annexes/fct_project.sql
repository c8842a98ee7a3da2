-- One project of a department and year: what the prose says it costs, what its performance table states, what is procured for it.
select
    project.project_key,
    project.document_key,
    project.department_key,
    project.fiscal_year,
    a.match_method,
    a.prose_figure_id as figure_id,
    a.prose_yuan,
    a.cost_yuan,
    a.cost_limit_yuan,
    a.cost_basis,
    a.procurement_yuan,
    a.procurement_lines,
    a.project_funds_yuan,
    a.performance_number
from {{ source('extracted', 'project') }} as a
inner join {{ ref('dim_project') }} as project
    on project.document_key = a.document_key and project.project_number = a.project_number
order by project.project_key
