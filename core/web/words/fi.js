// fi
export default { "app.name": "Meri" };
