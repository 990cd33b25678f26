import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';

const PATH = '/garage/rates';

export const rate = async (ssm, kind = 'hour') => {
  const { Parameters } = await ssm.getParametersByPath({ Path: PATH, Recursive: false });
  return Number(Parameters.find(({ Name }) => Name === `${PATH}/${kind}`)?.Value ?? 80);
};

export const all = (ssm) => ssm.send(new GetParametersByPathCommand({ Path: '/', Recursive: true }));
