import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  FlexibleTimeWindowMode,
  SchedulerClient,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { Repository, Time, env, type Show, type Track } from '../shared';

enum Change {
  Add = 'add',
  Drop = 'drop',
}

namespace Names {
  const prefix = 'show-';
  export const group = env('GROUP');
  export function of(show: Pick<Show, 'id'>): string {
    return prefix + show.id;
  }
}

const scheduler: SchedulerClient = new SchedulerClient({});
const tracks = new Repository<Track>(env('TRACKS'));

const input = <S extends Show>(show: S): CreateScheduleCommandInput => ({
  Name: Names.of(show),
  GroupName: Names.group,
  ScheduleExpression: Time.at(new Date(show.from)),
  FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.OFF },
  Target: { Arn: env('PLAYER'), RoleArn: process.env.PLAYER_ROLE!, Input: JSON.stringify(show) },
});

const changes: { [change in Change]: (show: Show) => Promise<unknown> } = {
  [Change.Add]: async (show) => {
    const known = await tracks.some(...show.tracks.map(({ id }) => id));
    if (known.length < show.tracks.length) throw new RangeError('unknown track');
    return scheduler.send(new CreateScheduleCommand(input(show)));
  },
  [Change.Drop]: (show) =>
    scheduler.send(new DeleteScheduleCommand({ Name: Names.of(show), GroupName: Names.group })),
};

export function move(show: Show): Promise<unknown> {
  return scheduler.send(new UpdateScheduleCommand(input(show)));
}

export const handler = async ({ change, show }: { change: Change; show: Show }): Promise<void> => {
  await changes[change](show);
};
