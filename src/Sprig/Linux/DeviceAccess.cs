using System.Buffers.Binary;

namespace Sprig.Linux;

/// <summary>Why a device can't be opened, and the cure: which group, which path.</summary>
internal static unsafe class DeviceAccess
{
    private const int CurrentDirectory = -100;
    private const uint WantModeAndGroup = 0x12;
    private const uint WantType = 0x01;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int DeviceMajorOffset = 128;
    private const int DeviceMinorOffset = 132;
    private const ushort TypeMask = 0xF000;
    private const ushort CharacterDevice = 0x2000;
    private const int GroupMayReadAndWrite = 0x30;
    private const int ReadAndWrite = 6;
    private const int AsEffectiveUser = 0x200;

    /// <summary>Opens a device for reading and writing, non-blocking; throws a message that names the cure.</summary>
    internal static FileDescriptor Open(string path)
    {
        int result = Syscall.Open(path, Syscall.OpenReadWrite | Syscall.OpenNonBlocking | Syscall.OpenNoControllingTerminal);
        return result >= 0 ? new FileDescriptor(result) : throw Explain(-result, path);
    }

    /// <summary>Whether this thread may open a path for reading and writing, without doing so, which would move the modem lines of a
    /// serial port: 0, or minus errno.</summary>
    internal static int MayOpen(string path) => Syscall.Check(Libc.AccessAt(CurrentDirectory, path, ReadAndWrite, AsEffectiveUser));

    internal static Exception Explain(int errno, string path) => errno switch
    {
        Errno.ENOENT => new FileNotFoundException($"There is no device {path}.", path),
        Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException(GroupOf(path) is { } group
            ? $"No permission to open {path}: it belongs to the group '{group}'. Run 'sudo usermod -aG {group} $USER', then log in again."
            : $"No permission to open {path}, and there is no group to join: a udev rule can give it to one, as 'gpio' or 'dialout' (see hardware/udev)."),
        Errno.EBUSY => new IOException($"{path} is in use by another program, which has opened it exclusively.", errno),
        Errno.ENXIO or Errno.ENODEV => new IOException($"There is no hardware behind {path}.", errno),
        _ => Errno.ToException(errno, "open", path),
    };

    /// <summary>Major and minor number of a character device, through links: two paths with the same are the same device. Null where
    /// it is none.</summary>
    internal static ulong? NumberOf(string path)
    {
        Span<byte> status = stackalloc byte[256];
        fixed (byte* buffer = status)
        {
            if (Syscall.Check(Libc.Statx(CurrentDirectory, path, 0, WantType, buffer)) < 0)
                return null;
        }

        if ((BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask) != CharacterDevice)
            return null;
        return ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(status[DeviceMajorOffset..]) << 32)
            | BinaryPrimitives.ReadUInt32LittleEndian(status[DeviceMinorOffset..]);
    }

    /// <summary>The name of the group whose members may use a path; null when there is none (root's is no group to join), or
    /// when it can't be told.</summary>
    internal static string? GroupOf(string path)
    {
        byte* buffer = stackalloc byte[256];
        if (Syscall.Check(Libc.Statx(CurrentDirectory, path, 0, WantModeAndGroup, buffer)) < 0)
            return null;
        uint gid = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(buffer + GroupOffset, sizeof(uint)));
        ushort mode = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(buffer + ModeOffset, sizeof(ushort)));
        if (gid == 0 || (mode & GroupMayReadAndWrite) != GroupMayReadAndWrite)
            return null;
        try
        {
            // group:password:number:members
            return File.ReadLines("/etc/group").Select(line => line.Split(':')).FirstOrDefault(row => row.Length > 2 && row[2] == $"{gid}")?[0];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
