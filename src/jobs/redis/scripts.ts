import { MAX_JOB_CHANGES } from '../job-queue.js';
import { RATE_WINDOW } from '../rate.js';

/*
 * What must happen at once in Redis, as Lua scripts: each is atomic, and harmless when it is sent again because its
 * answer was lost. All take the keys of one job in the order of `Keys.ofJob`, then those that the script names.
 */

/** Seconds for which a call's token, and the order of a stored revision, are remembered. */
export const MEMORY_SECONDS = 7 * 24 * 3600;

/**
 * `change(patch)`: writes the next state of the job as `recordChange` of the embedded queue does: the state settles
 * by itself, the rate is that of the last one to two windows, old changes go.
 */
const CHANGE = `
local job, items, finished, failures, letters, changes, outbox, parked = unpack(KEYS)
local FINAL = { completed = true, failed = true, cancelled = true }
local function field(name) return redis.call('HGET', job, name) end
local function number(name) return tonumber(field(name) or '0') end
local function add(name, by) if by ~= 0 then redis.call('HINCRBY', job, name, by) end end
local function change(id, now, state, news, ended)
  local before = field('state')
  local total, done, failed = number('total'), number('done'), number('failed')
  if field('open') == '0' and done >= total and not FINAL[before] and state ~= 'cancelled' then
    state = (total > 0 and failed == total) and 'failed' or 'completed'
  end
  local at, from, at2, from2 = number('at'), number('from'), number('at2'), number('from2')
  if before ~= 'running' or at == 0 then at, from, at2, from2 = now, done, now, done
  elseif now - at2 >= ${RATE_WINDOW} then at, from, at2, from2 = at2, from2, now, done end
  local rate = ''
  if (state == 'running' or FINAL[state]) and now > at and done > from then
    rate = string.format('%.6f', (done - from) * 1000 / (now - at))
  end
  local sequence = redis.call('HINCRBY', job, 'sequence', 1)
  redis.call('HSET', job, 'state', state, 'at', at, 'from', from, 'at2', at2, 'from2', from2, 'rate', rate)
  if state == 'running' then redis.call('HSETNX', job, 'startedAt', now) end
  if FINAL[state] then
    redis.call('HSET', job, 'finishedAt', now)
    redis.call('ZADD', ended, now, id)
  elseif FINAL[before] then
    redis.call('HDEL', job, 'finishedAt')
    redis.call('ZREM', ended, id)
  end
  redis.call('XADD', changes, 'MAXLEN', ${MAX_JOB_CHANGES}, sequence .. '-0', 'state', state, 'total', total,
    'done', done, 'failed', failed, 'open', field('open'), 'rate', rate, 'startedAt', field('startedAt') or '')
  redis.call('PUBLISH', news, id)
end
local function fail(position, failure)
  redis.call('HSET', failures, position, failure)
  redis.call('ZADD', letters, position, position)
end
`;

/**
 * Stores documents, with a new job or one that is open. More keys: waiting, outboxes, jobs, order, news, ended, call.
 * Arguments: id, now, capacity, whether the job is new, priority, open, count, number accepted, then position and
 * document of each, then position and failure of each that is refused; positions count from the first of these.
 * Answers 'ok', 'full:<waiting>', 'none' or 'closed'.
 */
const ACCEPT = `
local waiting, outboxes, jobs, order, news, ended, call = unpack(KEYS, 9)
local id, now, capacity, isNew, priority, open = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1', ARGV[5], ARGV[6]
local count, accepted = tonumber(ARGV[7]), tonumber(ARGV[8])
if redis.call('EXISTS', call) == 1 then return 'ok' end
if not isNew then
  if redis.call('EXISTS', job) == 0 then return 'none' end
  if field('open') ~= '1' or FINAL[field('state')] then return 'closed' end
end
local present = tonumber(redis.call('GET', waiting) or '0')
if accepted > 0 and present + accepted > capacity then return 'full:' .. present end
if isNew then
  redis.call('HSET', job, 'state', 'queued', 'priority', priority, 'open', open, 'total', 0, 'done', 0, 'failed', 0,
    'sequence', 0, 'retries', 0, 'createdAt', now)
  redis.call('ZADD', jobs, redis.call('INCR', order), id)
end
local offset = number('total')
local first = redis.call('INCRBY', order, count) - count + 1
local next = 9
for _ = 1, accepted do
  local position = offset + tonumber(ARGV[next])
  redis.call('HSET', items, position, string.format('%d', first + tonumber(ARGV[next])) .. ' ' .. ARGV[next + 1])
  redis.call('ZADD', outbox, 0, position)
  next = next + 2
end
while next < #ARGV do
  local position = offset + tonumber(ARGV[next])
  redis.call('SETBIT', finished, position, 1)
  fail(position, ARGV[next + 1])
  next = next + 2
end
if accepted > 0 then redis.call('SADD', outboxes, id) end
redis.call('INCRBY', waiting, accepted)
add('total', count)
add('done', count - accepted)
add('failed', count - accepted)
change(id, now, field('state'), news, ended)
redis.call('SET', call, 1, 'EX', ${MEMORY_SECONDS})
return 'ok'
`;

/**
 * Finishes documents, each once, and frees their externalIds where their own hands hold them. More keys: waiting,
 * news, ended, then stored and in-hand of each document. Arguments: id, now, then of each document its position, its
 * order, the failure or '', and its hand. Answers how many were not finished before.
 */
const FINISH = `
local waiting, news, ended = unpack(KEYS, 9)
local id, now = ARGV[1], tonumber(ARGV[2])
local state = field('state')
local done, failed = 0, 0
for place = 0, (#ARGV - 2) / 4 - 1 do
  local position, order, failure, hand = unpack(ARGV, 3 + 4 * place, 6 + 4 * place)
  local stored, inHand = unpack(KEYS, 12 + 2 * place, 13 + 2 * place)
  if state and redis.call('SETBIT', finished, position, 1) == 0 then
    done = done + 1
    if failure ~= '' then
      failed = failed + 1
      fail(position, failure)
    else
      redis.call('HDEL', items, position)
      if tonumber(redis.call('GET', stored) or '0') < tonumber(order) then
        redis.call('SET', stored, order, 'EX', ${MEMORY_SECONDS})
      end
    end
  end
  if redis.call('GET', inHand) == hand then redis.call('DEL', inHand) end
end
if done == 0 then return 0 end
if state ~= 'cancelled' then redis.call('DECRBY', waiting, done) end
add('done', done)
add('failed', failed)
change(id, now, state, news, ended)
return done
`;

/**
 * Work on a document begins. More keys: news, ended. Arguments: id, now, position. Answers the job's state and, where it
 * runs, the document if it is not finished.
 */
const BEGIN = `
local news, ended = unpack(KEYS, 9)
local id, now, position = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local state = field('state')
if state == 'queued' then
  state = 'running'
  change(id, now, state, news, ended)
end
if state ~= 'running' or redis.call('GETBIT', finished, position) == 1 then return { state } end
return { state, redis.call('HGET', items, position) }
`;

/**
 * Seals, pauses, resumes or cancels. More keys: waiting, news, ended, outboxes. Arguments: id, now, what.
 * Answers 'ok', 'none', or the final state that forbids it.
 */
const STEER = `
local waiting, news, ended, outboxes = unpack(KEYS, 9)
local id, now, what = ARGV[1], tonumber(ARGV[2]), ARGV[3]
if redis.call('EXISTS', job) == 0 then return 'none' end
local state = field('state')
if what == 'seal' then
  if FINAL[state] or field('open') == '0' then return 'ok' end
  redis.call('HSET', job, 'open', 0)
  change(id, now, state, news, ended)
elseif what == 'pause' then
  if FINAL[state] then return state end
  if state ~= 'paused' then change(id, now, 'paused', news, ended) end
elseif what == 'resume' then
  if FINAL[state] then return state end
  if state == 'paused' then change(id, now, field('startedAt') and 'running' or 'queued', news, ended) end
else
  if state == 'cancelled' then return 'ok' end
  if FINAL[state] then return state end
  redis.call('DECRBY', waiting, number('total') - number('done'))
  redis.call('UNLINK', items, outbox, parked)
  redis.call('SREM', outboxes, id)
  redis.call('HSET', job, 'open', 0)
  change(id, now, 'cancelled', news, ended)
end
return 'ok'
`;

/**
 * Puts dead letters back. More keys: waiting, news, ended, outboxes. Arguments: id, now, positions.
 * Answers how many, or -1 where there is no such job.
 */
const RETRY = `
local waiting, news, ended, outboxes = unpack(KEYS, 9)
local id, now = ARGV[1], tonumber(ARGV[2])
if redis.call('EXISTS', job) == 0 then return -1 end
local state = field('state')
if state == 'cancelled' then return 0 end
local count = 0
local retry = number('retries') + 1
for index = 3, #ARGV do
  local position = ARGV[index]
  if redis.call('HEXISTS', items, position) == 1 and redis.call('HDEL', failures, position) == 1 then
    redis.call('ZREM', letters, position)
    redis.call('SETBIT', finished, position, 0)
    redis.call('ZADD', outbox, retry, position)
    count = count + 1
  end
end
if count == 0 then return 0 end
redis.call('HSET', job, 'retries', retry)
redis.call('SADD', outboxes, id)
redis.call('INCRBY', waiting, count)
add('done', -count)
add('failed', -count)
change(id, now, FINAL[state] and 'running' or state, news, ended)
return count
`;

/** Frees an externalId if it is in this hand. Key: in-hand. Argument: the hand. */
const FREE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * Keeps an externalId in a hand, also where its time ran out, unless it is in another one by now. Key: in-hand.
 * Arguments: the hand, milliseconds.
 */
const KEEP = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;

/**
 * Takes from a job's outbox what BullMQ was told of; what was put there anew since then, by a retry, stays. Keys: outbox,
 * outboxes. Arguments: id, then position and number of the retry of each document.
 */
const DELIVERED = `
local outbox, outboxes = unpack(KEYS)
for index = 2, #ARGV, 2 do
  if redis.call('ZSCORE', outbox, ARGV[index]) == ARGV[index + 1] then redis.call('ZREM', outbox, ARGV[index]) end
end
if redis.call('EXISTS', outbox) == 0 then redis.call('SREM', outboxes, ARGV[1]) end
return 1
`;

/** Removes a job that has ended, unless it was retried meanwhile. More keys: jobs, ended, outboxes. Argument: id. */
const PRUNE = `
local jobs, ended, outboxes = unpack(KEYS, 9)
if not redis.call('ZSCORE', ended, ARGV[1]) then return 0 end
redis.call('UNLINK', unpack(KEYS, 1, 8))
redis.call('ZREM', jobs, ARGV[1])
redis.call('ZREM', ended, ARGV[1])
redis.call('SREM', outboxes, ARGV[1])
return 1
`;

export const SCRIPTS = {
  accept: CHANGE + ACCEPT,
  finish: CHANGE + FINISH,
  begin: CHANGE + BEGIN,
  steer: CHANGE + STEER,
  retry: CHANGE + RETRY,
  free: FREE,
  keep: KEEP,
  delivered: DELIVERED,
  prune: PRUNE,
} as const;
export type ScriptName = keyof typeof SCRIPTS;
