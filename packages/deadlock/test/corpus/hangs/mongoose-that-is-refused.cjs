const mongoose = require('mongoose');

async function main() {
  await mongoose.connect('mongodb://127.0.0.1:1/shop', { serverSelectionTimeoutMS: 1e6, heartbeatFrequencyMS: 500 });
  console.log('up');
}
main();
