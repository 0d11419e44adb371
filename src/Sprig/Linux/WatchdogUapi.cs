using System.Buffers.Binary;
using System.Text;

namespace Sprig.Linux;

/// <summary>linux/watchdog.h: the numbers and the one struct of the kernel's watchdog interface.</summary>
internal static class WatchdogUapi
{
    internal const uint GetSupport = 0x80285700;
    internal const uint KeepAlive = 0x80045705;
    internal const uint SetTimeout = 0xC0045706;
    internal const uint GetTimeout = 0x80045707;

    /// <summary>Of struct watchdog_info: options, firmware version, identity.</summary>
    internal const int InfoSize = 40;

    /// <summary>Written before the close, it says that the close is meant, and stops the watchdog.</summary>
    internal const byte MagicClose = (byte)'V';

    internal const uint TakesTimeout = 0x0080;
    internal const uint NeedsMagicClose = 0x0100;
    private const int IdentityOffset = 8;

    internal static uint OptionsOf(ReadOnlySpan<byte> info) => BinaryPrimitives.ReadUInt32LittleEndian(info);

    internal static string IdentityOf(ReadOnlySpan<byte> info)
    {
        ReadOnlySpan<byte> text = info[IdentityOffset..InfoSize];
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}
