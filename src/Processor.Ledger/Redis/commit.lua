-- Commits one batch of a partition: checks first, writes last. After the first write nothing can fail.
-- KEYS: meta, journal, then one hash for each account of the batch.
-- ARGV: epoch, writer's field in meta, batch number, most journal entries, the packed batch.
-- Part of the batch, for each account: version(8) wants(u8) head names(u16 + bytes) new holds(u16 + bytes) section(u32 + bytes).
-- Answer: an empty string when all was written; else a list whose first item tells which of the cases below it is.
local meta, journal = KEYS[1], KEYS[2]
local epoch, writer, number, batch = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[5]

local head = redis.call('HMGET', meta, 'epoch', writer)
if head[1] ~= epoch then return {'epoch', head[1] or ''} end

-- The same batch again: its answer was lost, so it is told again. A lower number is a call that was overtaken.
if head[2] then
    local last, outcome = string.match(head[2], '^(%d+) (.*)$')
    last = tonumber(last)
    if last == number then
        if outcome == '' then return '' end
        return {'again', outcome}
    end
    if last > number then return {'overtaken'} end
end

if redis.call('XLEN', journal) >= tonumber(ARGV[4]) then return {'full'} end

local unpack, sub, u = unpack, string.sub, struct.unpack
local conflicts, sections, starts = {}, {}, {}
local position, absent = 1, string.rep('\0', 8)
for index = 3, #KEYS do
    local wants, names, added, length
    local version = sub(batch, position, position + 7)
    wants, length, position = u('<BH', batch, position + 8)
    names = sub(batch, position, position + length - 1)
    position = position + length
    length, position = u('<H', batch, position)
    added = { 'a' }
    for offset = position, position + length - 1, 17 do added[#added + 1] = sub(batch, offset, offset + 16) end
    position = position + length
    length = u('<I4', batch, position)
    starts[index] = position
    position = position + length

    local found = redis.call('HMGET', KEYS[index], unpack(added))
    local clean = (found[1] and sub(found[1], 1, 8) or absent) == version
    for offset = 2, #added do
        if found[offset] then clean = false end
    end
    if clean then
        sections[#sections + 1] = sub(batch, starts[index], position - 1)
    else
        -- Hand back what the next decision needs: all of a small account; of a large one its head and the holds that were named.
        local fields
        if wants == 1 or redis.call('HLEN', KEYS[index]) <= 128 then
            fields = redis.call('HGETALL', KEYS[index])
            fields[#fields + 1] = 'all'
        else
            for offset = 1, #names, 3 do added[#added + 1] = sub(names, offset, offset + 2) end
            local values = redis.call('HMGET', KEYS[index], unpack(added))
            fields = {}
            for offset = 1, #added do
                if values[offset] then
                    fields[#fields + 1] = added[offset]
                    fields[#fields + 1] = values[offset]
                end
            end
            fields[#fields + 1] = 'part'
        end
        conflicts[#conflicts + 1] = tostring(index - 3)
        conflicts[#conflicts + 1] = fields
        starts[index] = nil
    end
end

for index = 3, #KEYS do
    local at = starts[index]
    if at then
        local set, removed, name, value = { KEYS[index] }, { KEYS[index] }, nil, nil
        local count = u('<H', batch, at + 28)
        at = at + 32
        for _ = 1, count do
            name, value, at = u('<Bc0Hc0', batch, at)
            if value == '' then
                removed[#removed + 1] = name
            else
                set[#set + 1] = name
                set[#set + 1] = value
            end
        end
        redis.call('HSET', unpack(set))
        if #removed > 1 then redis.call('HDEL', unpack(removed)) end
    end
end
if #sections > 0 then redis.call('XADD', journal, epoch .. '-*', 'e', table.concat(sections)) end

if #conflicts == 0 then
    redis.call('HSET', meta, writer, ARGV[3] .. ' ')
    return ''
end
local numbers = {}
for index = 1, #conflicts, 2 do numbers[#numbers + 1] = conflicts[index] end
redis.call('HSET', meta, writer, ARGV[3] .. ' ' .. table.concat(numbers, ','))
return {'conflict', unpack(conflicts)}
