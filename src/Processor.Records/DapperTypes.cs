using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using Processor.Cards;

namespace Processor.Records;

/// <summary>How our types stand in Postgres: 128 bits as <c>uuid</c>, a currency as <c>smallint</c>, a moment as <c>timestamptz</c>.</summary>
internal static class DapperTypes
{
    internal static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UlidType());
        SqlMapper.AddTypeHandler(new PanHashType());
        SqlMapper.AddTypeHandler(new CurrencyType());
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.AddTypeHandler(new MomentType());
    }

    private static void Set(IDbDataParameter parameter, object value, NpgsqlDbType type)
    {
        ((NpgsqlParameter)parameter).NpgsqlDbType = type;
        parameter.Value = value;
    }

    private sealed class UlidType : SqlMapper.TypeHandler<Ulid>
    {
        public override void SetValue(IDbDataParameter parameter, Ulid value) => Set(parameter, value.ToGuid(), NpgsqlDbType.Uuid);

        public override Ulid Parse(object value) => Ulid.FromGuid((Guid)value);
    }

    private sealed class PanHashType : SqlMapper.TypeHandler<PanHash>
    {
        public override void SetValue(IDbDataParameter parameter, PanHash value) =>
            Set(parameter, new Ulid(value.Value).ToGuid(), NpgsqlDbType.Uuid);

        public override PanHash Parse(object value) => new(Ulid.FromGuid((Guid)value).Value);
    }

    private sealed class CurrencyType : SqlMapper.TypeHandler<Currency>
    {
        public override void SetValue(IDbDataParameter parameter, Currency value) =>
            Set(parameter, (short)value.Numeric, NpgsqlDbType.Smallint);

        public override Currency Parse(object value) => new((ushort)(short)value);
    }

    private sealed class MomentType : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            Set(parameter, value.UtcDateTime, NpgsqlDbType.TimestampTz);

        public override DateTimeOffset Parse(object value) => new((DateTime)value, TimeSpan.Zero);
    }
}
