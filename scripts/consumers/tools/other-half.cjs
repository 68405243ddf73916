const { createGate } = require('bootstrap-gate');

exports.makeGate = (bootstrap) => createGate({ name: 'other', bootstrap });
exports.deniedBy = async (gate) => {
  await gate.close();
  return gate.ensureReady().catch((error) => error);
};
