using System.Reflection;
using System.Reflection.Emit;
using StackExchange.Redis;

namespace Processor.Ledger;

/// <summary>Takes from the Redis client the store in which it keeps the boxes of replies for later calls to use again.</summary>
/// <remarks>
/// A call whose connection breaks while it is being written is completed up to three times by the client, and its box goes back to the store each
/// time. From then on two calls may have one box: one is told the other's reply, the other never ends, and their boxes do the same to the next.
/// Without a store each call has a box of its own, and what completes it a second time does nothing. See decision 0024.
/// </remarks>
internal static class ReplyBoxes
{
    // What the calls of RedisLink are answered with; each kind of reply has a store of its own, for the whole process.
    private static readonly Type[] Replies = [typeof(RedisResult), typeof(RedisValue), typeof(HashEntry[]), typeof(bool), typeof(TimeSpan)];

    /// <summary>Puts stores in place that have room for nothing. A version of the client that has none is left as it is.</summary>
    internal static void Unshare()
    {
        if (typeof(RedisResult).Assembly.GetType("StackExchange.Redis.ResultBox`1") is not { } kind)
            return;
        foreach (var reply in Replies)
        {
            var box = kind.MakeGenericType(reply);
            if (box.GetField("store", BindingFlags.Static | BindingFlags.NonPublic) is { } store && store.FieldType == box.MakeArrayType())
                Replace(store, box);
        }
    }

    // The field is read-only, so only code that is made here may set it.
    private static void Replace(FieldInfo store, Type box)
    {
        var method = new DynamicMethod("Unshare", returnType: null, parameterTypes: null, typeof(ReplyBoxes).Module, skipVisibility: true);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Newarr, box);
        code.Emit(OpCodes.Stsfld, store);
        code.Emit(OpCodes.Ret);
        method.CreateDelegate<Action>()();
    }
}
