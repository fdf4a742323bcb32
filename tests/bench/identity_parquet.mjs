// identity_parquet MODULES FILE: a parquet file's rows as CSV, for bench-identity. MODULES: the node_modules that has hyparquet.
const [modules, file] = process.argv.slice(2)
const { asyncBufferFromFile, parquetReadObjects } = await import(`${modules}/hyparquet/src/node.js`)

const text = value => value === null || value === undefined ? '' : value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
const cell = value => /[",\n]/.test(text(value)) ? `"${text(value).replaceAll('"', '""')}"` : text(value)

const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) })
const columns = Object.keys(rows[0])
process.stdout.write([columns, ...rows.map(row => columns.map(column => row[column]))].map(line => line.map(cell).join(',')).join('\n') + '\n')
