using System.Buffers.Binary;
using System.Text;
using Sprig.IO;
using Sprig.Linux;

namespace Sprig.Tests.IO;

/// <summary>A watchdog's driver: what it can, and what it was told.</summary>
internal sealed class WatchdogDouble : IWatchdogFile
{
    private int _seconds = 60;

    internal List<string> Calls { get; } = [];

    internal uint Options { get; init; } = WatchdogUapi.TakesTimeout | WatchdogUapi.NeedsMagicClose;

    internal int Least { get; init; } = 1;

    internal int Most { get; init; } = 15;

    /// <summary>Takes what is nearest instead of refusing.</summary>
    internal bool Clamps { get; init; }

    /// <summary>Minus errno for each of these requests.</summary>
    internal Dictionary<uint, int> Errors { get; } = [];

    public int Ioctl(uint request, Span<byte> argument)
    {
        if (Errors.TryGetValue(request, out int error))
            return error;
        switch (request)
        {
            case WatchdogUapi.GetSupport:
                BinaryPrimitives.WriteUInt32LittleEndian(argument, Options);
                Encoding.ASCII.GetBytes("A double", argument[8..]);
                return 0;
            case WatchdogUapi.SetTimeout:
                return Set(argument);
            case WatchdogUapi.GetTimeout:
                BinaryPrimitives.WriteInt32LittleEndian(argument, _seconds);
                return 0;
            default:
                Calls.Add("alive");
                return 0;
        }
    }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        Calls.Add(Encoding.ASCII.GetString(bytes));
        return bytes.Length;
    }

    public void Dispose() => Calls.Add("closed");

    private int Set(Span<byte> argument)
    {
        int wanted = BinaryPrimitives.ReadInt32LittleEndian(argument);
        _seconds = Math.Clamp(wanted, Least, Most);
        if (_seconds != wanted && !Clamps)
            return -Errno.EINVAL;
        Calls.Add($"{_seconds} s");
        BinaryPrimitives.WriteInt32LittleEndian(argument, _seconds);
        return 0;
    }
}
