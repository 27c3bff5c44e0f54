-- Without arguments it reads: the epoch, all fields of the account, and its key, so that the caller sees that the answer is to this call.
-- KEYS: meta, account.
if #ARGV == 0 then return { redis.call('HGET', KEYS[1], 'epoch'), redis.call('HGETALL', KEYS[2]), KEYS[2] } end

-- Commits one batch of a partition: checks first, writes last. After the first write nothing can fail.
-- KEYS: meta, journal, then one hash for each account of the batch.
-- ARGV: epoch, writer's field in meta, batch number, highest number of this writer that surely ran, most journal entries, sections, heads.
-- Sections: what happens to each account, one after the other; all of them together are the journal entry.
-- Section: length(u32) account(16) version(8) fields(u16) events(u16), the fields, the events.
-- Field: name length(u8) name value length(u16) value; an empty value removes the field.
-- Heads, one after the other: version(8) wants(u8) removed(u16) names(u16) added(u16), then so many bytes of head names and of new holds.
-- Answer: the journal entry's id when all was written; else a list whose first item tells which of the cases below it is. Id or case is
-- followed by the writer and the number of the batch, so that the caller sees that the answer is to this call.
-- An account whose batch met a conflict is claimed by its writer for a moment, so that a host that is far from Redis gets its turn.
-- Claims, a field of meta: account(16) writer(u32) end(f64, milliseconds of Redis' clock), one after the other; none for most batches.
local meta, journal = KEYS[1], KEYS[2]
local epoch, writer, number, sections, heads = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[6], ARGV[7]
local call, unpack, sub, byte, u = redis.call, unpack, string.sub, string.byte, struct.unpack

local mark = ' ' .. writer .. ' ' .. ARGV[3]
local claim_length, claim_period, claims_most = 28, 20, 64
local head = call('HMGET', meta, 'epoch', writer, 'claims')
if head[1] ~= epoch then return {'epoch' .. mark, head[1] or ''} end

-- The same batch again: its answer was lost, so it is told again. A lower number is a call that was overtaken. When a batch that
-- surely ran is not known here, Redis is not what it was.
local last = 0
if head[2] then
    local text, id, outcome = string.match(head[2], '^(%d+) (%S*) (.*)$')
    -- Nobody had heard of this writer, so others count on its committing nothing more: see SilentHosts.
    if not text then return redis.error_reply('STRUCK the writer must say first that it lives') end
    last = tonumber(text)
    if last == number then
        if outcome == 'full' then return {'full' .. mark} end
        -- Written once more, so that a WAIT behind this call waits for it: behind one that writes nothing it may wait for nothing.
        call('HSET', meta, writer, head[2])
        if outcome == '' then return id .. mark end
        return {'again' .. mark, id, outcome}
    end
    if last > number then return {'overtaken' .. mark} end
end
if last < tonumber(ARGV[4]) then return {'rewound' .. mark, tostring(last)} end

if call('XLEN', journal) >= tonumber(ARGV[5]) then
    -- The number is used up: a copy of this call that comes late must not run once there is room.
    call('HSET', meta, writer, ARGV[3] .. ' - full')
    return {'full' .. mark}
end

local me, now, claims = tonumber(sub(writer, 2)), nil, {}
local function clock()
    local time = call('TIME')
    return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end
if head[3] then
    now = clock()
    for offset = 1, #head[3], claim_length do
        local account, holder, ends = u('<c16I4d', head[3], offset)
        if ends > now then claims[account] = { holder, ends } end
    end
end
local accounts, section = {}, 1
if head[3] then
    for index = 3, #KEYS do
        accounts[index] = sub(sections, section + 4, section + 19)
        section = section + u('<I4', sections, section)
    end
end

local absent = string.rep('\0', 8)
local conflicts, conflicting, removing = {}, {}, {}
local position = 1
for index = 3, #KEYS do
    local version, wants, removed, names, added, found, list
    version, wants, removed, names, added, position = u('<c8BHHH', heads, position)
    local names_at = position
    position = position + names + added
    if removed > 0 then removing[index] = true end
    local clean = true
    local claim = claims[accounts[index]]
    if claim and claim[1] ~= me then
        clean = false
    elseif added == 0 then
        found = call('HGET', KEYS[index], 'a')
    else
        list = { 'a' }
        for offset = names_at + names, position - 1, 17 do list[#list + 1] = sub(heads, offset, offset + 16) end
        local values = call('HMGET', KEYS[index], unpack(list))
        found = values[1]
        for offset = 2, #list do
            if values[offset] then clean = false end
        end
    end
    if not clean or (found and sub(found, 1, 8) or absent) ~= version then
        -- Hand back what the next decision needs: all of a small account; of a large one its head and the holds that were named.
        local fields
        if claim and claim[1] ~= me then
            fields = { 'claimed' }
        elseif wants == 1 or call('HLEN', KEYS[index]) <= 128 then
            fields = call('HGETALL', KEYS[index])
            fields[#fields + 1] = 'all'
        else
            list = list or { 'a' }
            for offset = names_at, names_at + names - 1, 3 do list[#list + 1] = sub(heads, offset, offset + 2) end
            local values = call('HMGET', KEYS[index], unpack(list))
            fields = {}
            for offset = 1, #list do
                if values[offset] then
                    fields[#fields + 1] = list[offset]
                    fields[#fields + 1] = values[offset]
                end
            end
            fields[#fields + 1] = 'part'
        end
        conflicting[index] = true
        conflicts[#conflicts + 1] = tostring(index - 3)
        conflicts[#conflicts + 1] = fields
    end
end

-- Most sections are read by one format for all of their fields. What removes fields, or has too many for Lua's stack, is walked.
local formats, most = {}, 500
local function walk(key, at, count)
    local set, removed, name, value = { key }, { key }, nil, nil
    local function flush(command, list, limit)
        if #list <= limit then return list end
        call(command, unpack(list))
        return { key }
    end
    at = at + 32
    for _ = 1, count do
        name, value, at = u('<Bc0Hc0', sections, at)
        if value == '' then
            removed[#removed + 1] = name
            removed = flush('HDEL', removed, 2 * most)
        else
            set[#set + 1] = name
            set[#set + 1] = value
            set = flush('HSET', set, 2 * most)
        end
    end
    flush('HSET', set, 1)
    flush('HDEL', removed, 1)
end

local at, kept, length = 1, {}, nil
for index = 3, #KEYS do
    if conflicting[index] then
        length = u('<I4', sections, at)
    else
        local low, high = byte(sections, at + 28, at + 29)
        local count = low + high * 256
        if count > most or removing[index] then
            length = u('<I4', sections, at)
            walk(KEYS[index], at, count)
        else
            local format = formats[count]
            if not format then
                format = '<I4' .. string.rep('x', 28) .. string.rep('Bc0Hc0', count)
                formats[count] = format
            end
            local items = { u(format, sections, at) }
            length = items[1]
            call('HSET', KEYS[index], unpack(items, 2, 1 + 2 * count))
        end
        if #conflicts > 0 then kept[#kept + 1] = sub(sections, at, at + length - 1) end
    end
    at = at + length
end

-- Who committed gives its claims back; who met a conflict gets one, unless another has it or there are too many.
if head[3] or #conflicts > 0 then
    local list, count, granted = {}, 0, now or clock()
    section = 1
    for index = 3, #KEYS do
        local account = sub(sections, section + 4, section + 19)
        section = section + u('<I4', sections, section)
        if not conflicting[index] then
            claims[account] = nil
        elseif not claims[account] then
            claims[account] = { me, granted + claim_period }
        end
    end
    for account, claim in pairs(claims) do
        count = count + 1
        if count <= claims_most then list[count] = struct.pack('<c16I4d', account, claim[1], claim[2]) end
    end
    if count > 0 then call('HSET', meta, 'claims', table.concat(list)) elseif head[3] then call('HDEL', meta, 'claims') end
end

if #conflicts == 0 then
    local id = call('XADD', journal, epoch .. '-*', 'e', sections)
    call('HSET', meta, writer, ARGV[3] .. ' ' .. id .. ' ')
    return id .. mark
end
local id = ''
if #kept > 0 then id = call('XADD', journal, epoch .. '-*', 'e', table.concat(kept)) end
local numbers = {}
for index = 1, #conflicts, 2 do numbers[#numbers + 1] = conflicts[index] end
call('HSET', meta, writer, ARGV[3] .. ' ' .. id .. ' ' .. table.concat(numbers, ','))
return {'conflict' .. mark, id, unpack(conflicts)}
