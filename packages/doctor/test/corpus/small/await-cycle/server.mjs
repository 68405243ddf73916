import express from 'express';
import { database } from './database.mjs';

setInterval(() => {}, 1000);
await database();
express().listen(0);
