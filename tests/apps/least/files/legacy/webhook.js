const { SSM } = require("@aws-sdk/client-ssm");
const { EventBridge } = require("@aws-sdk/client-eventbridge");
const crypto = require("crypto");

const ssm = new SSM({});
const bridge = new EventBridge({});

let token;
async function secret() {
  if (!token) {
    const answer = await ssm.getParameters({ Names: [process.env.TOKEN_PARAMETER], WithDecryption: true });
    token = answer.Parameters[0].Value;
  }
  return token;
}

module.exports.handler = async function (event) {
  const expected = crypto.createHmac("sha256", await secret()).update(event.body).digest("hex");
  if (event.headers["x-signature"] !== expected) return { statusCode: 401 };
  const entries = JSON.parse(event.body).files.map((file) => ({
    Source: "files.webhook",
    DetailType: "FileOffered",
    Detail: JSON.stringify(file),
  }));
  await bridge.putEvents({ Entries: entries });
  return { statusCode: 204 };
};
