import express from 'express';

const app = express();
await new Promise((resolve) => app.once('loaded', resolve));
app.listen(0);
