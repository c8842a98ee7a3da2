select
    a.document_key,
    annex.department_key,
    annex.fiscal_year,
    a.row_order,
    a.figure_id,
    coalesce(project.project_key, 'not_applicable') as project_key,  -- the table of the whole department is no project's
    a.performance_number,
    a.project_name,
    a.goal,
    a.level_1,
    a.level_2,
    a.level_3,
    a.description,
    a.operator,
    a.target_value,
    a.target_unit,
    a.target_yuan,
    a.target_as_printed,
    a.basis,
    a.doubt,
    a.page,
    a.locator
{{ current_annex('indicator', 'performance') }}
left join {{ ref('fct_project') }} as project
    on project.document_key = a.document_key and project.performance_number = a.performance_number
order by a.document_key, a.row_order
