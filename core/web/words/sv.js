// sv
export default { "app.name": "Meri" };
