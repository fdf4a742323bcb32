// en
export default { "app.name": "Meri" };
